// Only marks the root of the module: every build names one of the files in mods/ with -modfile.
module leasehold.test/facts/kcm

go 1.16

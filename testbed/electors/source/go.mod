module leasehold.test/electors

go 1.25

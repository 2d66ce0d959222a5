/* Two-phase commit with N resource managers, 1 to 12: the system of model/src/two_phase_commit.rs for SPIN.
 * The same states and the same transitions, self-loops included, so that the counts must be the same. Give -DN=8. */
#define WORKING 0
#define PREPARED 1
#define COMMITTED 2
#define ABORTED 3

int managers;     /* two bits per manager: packed, SPIN is a third faster than with an array */
short known;      /* a bit per manager: the transaction manager knows that it is prepared */
short sent;       /* a bit per manager: it said so */
bit commit, abort;
unsigned decision : 2;    /* 0 while the transaction manager is undecided */

#define MANAGER(i) \
  :: d_step { decision == 0 && (sent & (1 << i)) -> known = known | (1 << i) } \
  :: d_step { ((managers >> (2*i)) & 3) == WORKING -> managers = (managers & ~(3 << (2*i))) | (PREPARED << (2*i)); sent = sent | (1 << i) } \
  :: d_step { ((managers >> (2*i)) & 3) == WORKING -> managers = (managers & ~(3 << (2*i))) | (ABORTED << (2*i)) } \
  :: d_step { commit -> managers = (managers & ~(3 << (2*i))) | (COMMITTED << (2*i)) } \
  :: d_step { abort -> managers = (managers & ~(3 << (2*i))) | (ABORTED << (2*i)) }

active proctype all() {
end:
  do
  :: d_step { decision == 0 && known == (1 << N) - 1 -> decision = 1; commit = 1 }
  :: d_step { decision == 0 -> decision = 2; abort = 1 }
  MANAGER(0)
#if N > 1
  MANAGER(1)
#endif
#if N > 2
  MANAGER(2)
#endif
#if N > 3
  MANAGER(3)
#endif
#if N > 4
  MANAGER(4)
#endif
#if N > 5
  MANAGER(5)
#endif
#if N > 6
  MANAGER(6)
#endif
#if N > 7
  MANAGER(7)
#endif
#if N > 8
  MANAGER(8)
#endif
#if N > 9
  MANAGER(9)
#endif
#if N > 10
  MANAGER(10)
#endif
#if N > 11
  MANAGER(11)
#endif
  od
}

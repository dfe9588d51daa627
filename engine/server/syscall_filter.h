#pragma once

namespace tarn::engine {

/// From now on, in every thread of the process: making a socket, io_uring (which could make one
/// unseen) and looking into other processes fail with EPERM, as does every system call of a foreign
/// calling convention. Needs PR_SET_NO_NEW_PRIVS. False when the kernel or processor has no such
/// filter (x86-64 and 64-bit ARM are known).
bool denySockets();

}  // namespace tarn::engine

using System.Runtime.InteropServices;

namespace Jobwatch.DevServer.Processes;

/// <summary>The calls of libc that the base library lacks.</summary>
internal static partial class Posix
{
    /// <summary>Sends a signal; a process that is gone already is no error.</summary>
    public static void Signal(int processId, UnixSignal signal) => _ = Kill(processId, (int)signal);

    public static void ChangeOwner(string path, uint userId, uint groupId)
    {
        if (ChangeOwnerCore(path, userId, groupId) != 0)
            throw new ServerFailure($"Can't give {path} to the user of PostgreSQL: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int processId, int signal);

    [LibraryImport("libc", EntryPoint = "chown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChangeOwnerCore(string path, uint userId, uint groupId);
}

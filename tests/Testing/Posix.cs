using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Jobwatch.Testing;

/// <summary>The calls of libc that the base library lacks.</summary>
internal static partial class Posix
{
    private const int NoSuchProcess = 3;

    /// <summary>Sends <paramref name="signal"/>; a process that is gone already is no error.</summary>
    public static void Signal(int processId, UnixSignal signal)
    {
        if (Kill(processId, (int)signal) != 0 && Marshal.GetLastPInvokeError() is not NoSuchProcess and var error)
            throw new Win32Exception(error, $"kill({processId}, {signal}): {Marshal.GetPInvokeErrorMessage(error)}");
    }

    public static void ChangeOwner(string path, uint userId, uint groupId)
    {
        if (ChangeOwnerCore(path, userId, groupId) == 0)
            return;
        int error = Marshal.GetLastPInvokeError();
        throw new Win32Exception(error, $"chown({path}): {Marshal.GetPInvokeErrorMessage(error)}");
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int processId, int signal);

    [LibraryImport("libc", EntryPoint = "chown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChangeOwnerCore(string path, uint userId, uint groupId);
}

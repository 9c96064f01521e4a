using System.Runtime.InteropServices;

namespace Jobwatch.Cli.Running;

/// <summary>The calls of libc that the base library lacks.</summary>
internal static partial class Posix
{
    private const int ReadOnlyNoTerminalControl = 0x100;
    private const short ReadyToRead = 1;

    internal static void Signal(int processId, int signal) => _ = Kill(processId, signal);

    /// <summary>This process's group has the terminal: what is typed there (Ctrl-C) signals every process of the group.</summary>
    internal static bool IsInForeground()
    {
        var terminal = Open("/dev/tty", OperatingSystem.IsLinux() ? ReadOnlyNoTerminalControl : 0);
        if (terminal < 0)
            return false;
        var foreground = GetForegroundGroup(terminal);
        _ = Close(terminal);
        return foreground == GetGroup();
    }

    /// <summary>A read of it would not wait: there is something in it, or it has ended.</summary>
    internal static bool IsReadable(SafeHandle pipe)
    {
        var state = new Ready { Asked = ReadyToRead };
        var added = false;
        try
        {
            pipe.DangerousAddRef(ref added);
            state.Descriptor = (int)pipe.DangerousGetHandle();
            return Poll(ref state, 1, 0) > 0;
        }
        finally
        {
            if (added)
                pipe.DangerousRelease();
        }
    }

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int Poll(ref Ready ready, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int processId, int signal);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "tcgetpgrp")]
    private static partial int GetForegroundGroup(int descriptor);

    [LibraryImport("libc", EntryPoint = "getpgrp")]
    private static partial int GetGroup();

    [StructLayout(LayoutKind.Sequential)]
    private struct Ready
    {
        internal int Descriptor;
        internal short Asked;
        internal short Found;
    }
}

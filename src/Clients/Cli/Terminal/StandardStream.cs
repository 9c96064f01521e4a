using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Jobwatch.Cli.Terminal;

/// <summary>
/// stdout or stderr by its descriptor, which others may share: what is written goes where it stands. <see cref="Console"/>'s
/// streams hide that the reader has gone; here it is an <see cref="IOException"/>.
/// </summary>
internal sealed partial class StandardStream
{
    internal static readonly StandardStream Output = new(1);
    internal static readonly StandardStream Error = new(2);

    private const int Interrupted = 4;
    private const short ReadyToWrite = 4;
    private const short Broken = 8;
    private static readonly int TryAgain = OperatingSystem.IsLinux() ? 11 : 35;

    private readonly int _descriptor;

    private StandardStream(int descriptor) => _descriptor = descriptor;

    /// <summary>It is a pipe whose reader has gone: asked without writing.</summary>
    internal bool IsBroken
    {
        get
        {
            var state = new Ready { Descriptor = _descriptor };
            return Poll(ref state, 1, 0) > 0 && (state.Found & Broken) != 0;
        }
    }

    internal void Write(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var written = Write(_descriptor, bytes, bytes.Length);
            if (written >= 0)
                bytes = bytes[(int)written..];
            else
                Await(Marshal.GetLastPInvokeError());
        }
    }

    private void Await(int error)
    {
        if (error == Interrupted)
            return;
        if (error != TryAgain)
            throw new IOException(new Win32Exception(error).Message);
        // Somebody who shares it has made it non-blocking.
        var ready = new Ready { Descriptor = _descriptor, Asked = ReadyToWrite };
        _ = Poll(ref ready, 1, -1);
    }

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(int descriptor, ReadOnlySpan<byte> bytes, nint count);

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int Poll(ref Ready ready, nuint count, int milliseconds);

    [StructLayout(LayoutKind.Sequential)]
    private struct Ready
    {
        internal int Descriptor;
        internal short Asked;
        internal short Found;
    }
}

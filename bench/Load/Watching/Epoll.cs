using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Jobwatch.Bench.Watching;

/// <summary>The kernel's readiness list: one call tells which of many sockets have something to read.</summary>
internal sealed partial class Epoll : IDisposable
{
    private const int Add = 1;
    private const uint In = 1;
    private const int Batch = 1024;

    private readonly Event[] _events = new Event[Batch];
    private readonly int _handle = Checked(Create(0));

    /// <summary>Watches a socket; what is told of it is the number.</summary>
    public void Watch(int socket, int number)
    {
        var wanted = new Event { Events = In, Number = number };
        _ = Checked(Control(_handle, Add, socket, ref wanted));
    }

    /// <summary>Waits for sockets that can be read, and gives their numbers; none when the time is up.</summary>
    public IEnumerable<int> Wait(int milliseconds)
    {
        var ready = Wait(_handle, _events, Batch, milliseconds);
        for (var i = 0; i < ready; i++)
        {
            yield return (int)_events[i].Number;
        }
    }

    public void Dispose() => _ = Close(_handle);

    private static int Checked(int result) => result >= 0 ? result : throw new Win32Exception();

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    private static partial int Create(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static partial int Control(int epoll, int operation, int socket, ref Event wanted);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    private static partial int Wait(int epoll, [Out] Event[] events, int most, int milliseconds);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int handle);

    // x86-64 packs it, and so does this: other machines would need the other form.
    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private struct Event
    {
        public uint Events;
        public long Number;
    }
}

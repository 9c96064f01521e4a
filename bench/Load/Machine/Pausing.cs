using System.Globalization;
using System.Runtime.InteropServices;

namespace Jobwatch.Bench.Machine;

/// <summary>Stops and continues processes with all their children.</summary>
internal static partial class Pausing
{
    private const int Continue = 18;
    private const int Stop = 19;

    public static void Pause(int processId) => SignalTree(processId, Stop);

    public static void Resume(int processId) => SignalTree(processId, Continue);

    private static void SignalTree(int processId, int signal)
    {
        // One that is gone is stopped, too.
        _ = Kill(processId, signal);
        var children = $"/proc/{processId}/task/{processId}/children";
        if (!File.Exists(children))
        {
            return;
        }

        foreach (var child in File.ReadAllText(children).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            SignalTree(int.Parse(child, CultureInfo.InvariantCulture), signal);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int processId, int signal);
}

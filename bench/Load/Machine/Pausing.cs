using System.Globalization;
using System.Runtime.InteropServices;

namespace Jobwatch.Bench.Machine;

/// <summary>
/// Stops and continues programs: of one with children only these, which do the work. The parent still takes the signal that ends all
/// of them, however this process ends.
/// </summary>
internal static partial class Pausing
{
    private const int Continue = 18;
    private const int Stop = 19;

    public static void Pause(int processId) => Signal(processId, Stop);

    public static void Resume(int processId) => Signal(processId, Continue);

    // A process that is gone meanwhile needs no signal.
    private static void Signal(int processId, int signal)
    {
        var list = $"/proc/{processId}/task/{processId}/children";
        string[] children = File.Exists(list) ? File.ReadAllText(list).Split(' ', StringSplitOptions.RemoveEmptyEntries) : [];
        foreach (var child in children)
        {
            Signal(int.Parse(child, CultureInfo.InvariantCulture), signal);
        }

        if (children.Length == 0)
        {
            _ = Kill(processId, signal);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int processId, int signal);
}

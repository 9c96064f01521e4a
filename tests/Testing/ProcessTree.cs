using System.Globalization;

namespace Jobwatch.Testing;

/// <summary>What /proc says of processes that are not this one's children.</summary>
internal static class ProcessTree
{
    public static int[] ChildrenOf(int processId)
    {
        string list = $"/proc/{processId}/task/{processId}/children";
        if (!File.Exists(list))
            return [];
        var ids = File.ReadAllText(list).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return [.. ids.Select(id => int.Parse(id, CultureInfo.InvariantCulture))];
    }

    /// <summary>Z, X: dead, not yet waited for.</summary>
    public static bool IsAlive(int processId) => StateOf(processId) is not (null or 'Z' or 'X');

    /// <summary>Stopped by a signal.</summary>
    public static bool IsStopped(int processId) => StateOf(processId) == 'T';

    private static char? StateOf(int processId)
    {
        try
        {
            // The state follows the name, which is in parentheses and may hold anything.
            string status = File.ReadAllText($"/proc/{processId}/stat");
            return status[status.LastIndexOf(')') + 2];
        }
        catch (IOException)
        {
            return null;
        }
    }
}

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

    public static bool IsAlive(int processId)
    {
        try
        {
            // The state follows the name, which is in parentheses and may hold anything. Z: dead, not yet waited for.
            string status = File.ReadAllText($"/proc/{processId}/stat");
            return status[status.LastIndexOf(')') + 2] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }
}

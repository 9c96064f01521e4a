using System.Globalization;

namespace Jobwatch.DevServer.Processes;

/// <summary>A process beyond doubt: its id may be given to another after its end, or after a boot, but not with the same start.</summary>
/// <param name="Id">The pid.</param>
/// <param name="Start">The boot's id and the clock ticks since it.</param>
internal sealed record ProcessIdentity(int Id, string Start)
{
    // In /proc/ID/stat, counted after the name: the name may hold spaces and parentheses.
    private const int StateField = 0;
    private const int StartField = 19;

    private static readonly string Boot = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();

    public bool IsAlive => Of(Id) == this;

    /// <summary>Null when no such process lives; one that is dead and only not yet waited for doesn't.</summary>
    public static ProcessIdentity? Of(int id)
    {
        try
        {
            string status = File.ReadAllText($"/proc/{id}/stat");
            string[] fields = status[(status.LastIndexOf(')') + 2)..].Split(' ');
            return fields[StateField] is "Z" or "X" ? null : new(id, $"{Boot}/{fields[StartField]}");
        }
        catch (IOException)
        {
            return null;
        }
    }

    public static ProcessIdentity? Parse(string text) =>
        text.Split(' ') is [var id, var start] && int.TryParse(id, CultureInfo.InvariantCulture, out int parsed)
            ? new(parsed, start)
            : null;

    public override string ToString() => $"{Id} {Start}";
}

using System.Globalization;
using Jobwatch.StreamService.Journal;

namespace Jobwatch.StreamService.Hints;

/// <summary>
/// What a node tells the others after a commit. It may be lost, come twice or out of order, and nothing is believed of it: whoever
/// hears it looks at the store.
/// </summary>
/// <param name="Job">The job.</param>
/// <param name="Incarnation">Its life.</param>
/// <param name="Head">The position of its last event.</param>
/// <param name="MadeJob">Whether the job was made by what was committed.</param>
internal readonly record struct Hint(JobKey Job, long Incarnation, long Head, bool MadeJob)
{
    /// <summary>One line: the sender, incarnation, head, whether the job is new, tenant and job.</summary>
    public string Write(string sender) =>
        string.Create(CultureInfo.InvariantCulture, $"{sender} {Incarnation:x} {Head} {(MadeJob ? '1' : '0')} {Job.Tenant}/{Job.JobId}");

    /// <summary>Reads a line behind its sender; false for what no node of this kind wrote.</summary>
    public static bool TryRead(ReadOnlySpan<char> line, out Hint hint)
    {
        hint = default;
        Span<Range> parts = stackalloc Range[5];
        if (line.Split(parts, ' ') != 4
            || !long.TryParse(line[parts[0]], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var incarnation)
            || !long.TryParse(line[parts[1]], NumberStyles.None, CultureInfo.InvariantCulture, out var head)
            || line[parts[2]] is not ("0" or "1"))
        {
            return false;
        }

        var name = line[parts[3]];
        var slash = name.IndexOf('/');
        if (slash < 1 || slash == name.Length - 1)
        {
            return false;
        }

        hint = new Hint(new JobKey(name[..slash].ToString(), name[(slash + 1)..].ToString()), incarnation, head, line[parts[2]] is "1");
        return true;
    }
}

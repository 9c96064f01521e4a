using System.Globalization;
using System.Text;
using Google.Protobuf.WellKnownTypes;
using Jobwatch.V1;

namespace Jobwatch.Cli.Terminal;

/// <summary>Statuses, times and the like, as people read them.</summary>
internal static class Words
{
    /// <summary>What is said of a gap; of which job, is said in a watch of many.</summary>
    internal static string Of(Gap gap, string jobId) => gap.Reason == "deleted"
        ? $"{(jobId.Length > 0 ? $"The job {jobId}" : "A job")} was deleted: nothing follows its position {gap.FirstPosition - 1}."
        : $"Positions {gap.FirstPosition} to {gap.LastPosition}{(jobId.Length > 0 ? $" of {jobId}" : "")} are gone ({gap.Reason}).";

    internal static string Of(ExecutionStatus status) => status.ToString().ToLowerInvariant();

    internal static string Painted(ExecutionStatus status, Palette palette, int width = 0)
    {
        var word = Of(status).PadRight(width);
        return status switch
        {
            ExecutionStatus.Succeeded => palette.Green(word),
            ExecutionStatus.Failed => palette.Red(word),
            ExecutionStatus.Cancelled => palette.Yellow(word),
            ExecutionStatus.Running => palette.Blue(word),
            _ => word,
        };
    }

    internal static string Of(ProgressReported progress)
    {
        var unit = progress.Unit.Length == 0 ? "" : " " + progress.Unit;
        return progress.Total > 0
            ? string.Create(CultureInfo.InvariantCulture, $"{progress.Done}/{progress.Total}{unit} ({100.0 * progress.Done / progress.Total:0} %)")
            : string.Create(CultureInfo.InvariantCulture, $"{progress.Done}{unit}");
    }

    internal static string Of(ExecutionError? error) => error is null ? "" : $"{error.Code} {error.Message}".Trim();

    /// <summary>In the local time zone, to the second.</summary>
    internal static string Time(Timestamp? at, TimeProvider time) => at is null
        ? "-"
        : TimeZoneInfo.ConvertTime(at.ToDateTimeOffset(), time.LocalTimeZone).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    internal static string Clock(Timestamp? at, TimeProvider time) => Time(at, time) is { Length: > 8 } whole ? whole[^8..] : "--:--:--";

    internal static string Labels(IEnumerable<KeyValuePair<string, string>> labels)
    {
        var text = new StringBuilder();
        foreach (var (key, value) in labels.OrderBy(label => label.Key, StringComparer.Ordinal))
            text.Append(' ').Append(key).Append('=').Append(value);
        return text.ToString();
    }
}

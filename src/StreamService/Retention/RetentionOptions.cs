using System.ComponentModel.DataAnnotations;

namespace Jobwatch.StreamService.Retention;

/// <summary>How long history is kept, section <c>Retention</c>. Without rules all of it is.</summary>
internal sealed class RetentionOptions
{
    public const string Section = "Retention";

    /// <summary>How often the rules are applied, and deleted jobs cleared away. 1 s to 1 day; default 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00", ParseLimitsInInvariantCulture = true, ConvertValueInInvariantCulture = true)]
    public TimeSpan Interval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Younger events are kept whatever a rule says: a producer whose answer was lost sends them again, and only an event that is there is
    /// known again by its id. 0 to 30 days; default 10 min.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "30.00:00:00", ParseLimitsInInvariantCulture = true, ConvertValueInInvariantCulture = true)]
    public TimeSpan MinAge { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>The first rule that matches a job holds for it, no other. Default: none.</summary>
    public IList<RetentionRule> Rules { get; } = [];
}

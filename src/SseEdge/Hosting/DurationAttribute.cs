using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace Jobwatch.SseEdge.Hosting;

/// <summary>The least and the most that a duration may be.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class DurationAttribute(string least, string most) : ValidationAttribute
{
    public string Least => least;

    public string Most => most;

    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) =>
        value is TimeSpan given
        && given >= TimeSpan.Parse(least, CultureInfo.InvariantCulture)
        && given <= TimeSpan.Parse(most, CultureInfo.InvariantCulture)
            ? ValidationResult.Success
            : Setting.Wrong(validationContext, value, $"has to be from {least} to {most}");
}

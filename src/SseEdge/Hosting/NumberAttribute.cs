using System.ComponentModel.DataAnnotations;

namespace Jobwatch.SseEdge.Hosting;

/// <summary>The least and the most that a number may be.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NumberAttribute(int least, int most) : ValidationAttribute
{
    public int Least => least;

    public int Most => most;

    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) =>
        value is int given && given >= least && given <= most
            ? ValidationResult.Success
            : Setting.Wrong(validationContext, value, $"has to be from {least} to {most}");
}

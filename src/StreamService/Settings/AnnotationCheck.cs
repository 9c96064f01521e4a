using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Options;

namespace Jobwatch.StreamService.Settings;

/// <summary>
/// Holds a section's options to their annotations. The framework's own check tells of classes and properties; this one of the
/// setting and its value, as the operator wrote them, and of what would do.
/// </summary>
internal sealed class AnnotationCheck<TOptions>(string section) : IValidateOptions<TOptions>
    where TOptions : class
{
    public ValidateOptionsResult Validate(string? name, TOptions options)
    {
        var wrong = from property in typeof(TOptions).GetProperties()
                    from annotation in property.GetCustomAttributes<ValidationAttribute>()
                    let value = property.GetValue(options)
                    where !annotation.IsValid(value)
                    select Tell(annotation, SettingName.Of(section, property.Name), value);
        var failures = wrong.ToList();
        return failures.Count > 0 ? ValidateOptionsResult.Fail(failures) : ValidateOptionsResult.Success;
    }

    // An annotation with a message of its own knows better where its value comes from.
    private static string Tell(ValidationAttribute annotation, string setting, object? value) => annotation is RangeAttribute range
        ? string.Create(CultureInfo.InvariantCulture, $"{setting} is '{value}'; it has to be from {range.Minimum} to {range.Maximum}.")
        : annotation.FormatErrorMessage(setting);
}

using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Jobwatch.SseEdge.Hosting;

/// <summary>Holds options to their annotations and passes the messages on as they are, one a setting.</summary>
internal sealed class AnnotationCheck<TOptions> : IValidateOptions<TOptions>
    where TOptions : class
{
    public ValidateOptionsResult Validate(string? name, TOptions options)
    {
        var wrong = new List<ValidationResult>();
        return Validator.TryValidateObject(options, new ValidationContext(options), wrong, validateAllProperties: true)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(wrong.Select(one => one.ErrorMessage!));
    }
}

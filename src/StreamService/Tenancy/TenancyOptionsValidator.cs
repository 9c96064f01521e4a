using Jobwatch.StreamService.Errors;
using Microsoft.Extensions.Options;

namespace Jobwatch.StreamService.Tenancy;

/// <summary>Refuses to start with a tenant that breaks the pattern or a tokens file that can't be used.</summary>
internal sealed class TenancyOptionsValidator : IValidateOptions<TenancyOptions>
{
    public ValidateOptionsResult Validate(string? name, TenancyOptions options)
    {
        if (options.AnonymousTenant.Length > 0 && !Identifiers.IsValid(options.AnonymousTenant))
        {
            return ValidateOptionsResult.Fail(
                $"Tenancy:AnonymousTenant: {Identifiers.Violation(options.AnonymousTenant, "").Description}");
        }

        if (options.TokensFile.Length == 0)
        {
            return ValidateOptionsResult.Success;
        }

        try
        {
            TokenSet.Parse(File.ReadAllText(options.TokensFile), options.TokensFile);
            return ValidateOptionsResult.Success;
        }
        catch (Exception error) when (error is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return ValidateOptionsResult.Fail($"Tenancy:TokensFile is '{options.TokensFile}': {error.Message}");
        }
    }
}

using Jobwatch.StreamService.Settings;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Jobwatch.StreamService.Hints;

/// <summary>Refuses a transport that there isn't, and Redis without servers. The messages don't repeat those: they may come with a password.</summary>
internal sealed class HintsOptionsValidator : IValidateOptions<HintsOptions>
{
    public ValidateOptionsResult Validate(string? name, HintsOptions options)
    {
        if (!Enum.IsDefined(options.Transport))
        {
            return ValidateOptionsResult.Fail(
                $"{SettingName.Of(HintsOptions.Section, nameof(options.Transport))} is '{options.Transport}'; it has to be {string.Join(", ", Enum.GetNames<HintTransport>())}.");
        }

        return options.Transport != HintTransport.Redis || NamesServers(options.Redis)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"{SettingName.Of(HintsOptions.Section, nameof(options.Redis))} is missing or can't be read: set it to the Redis servers, such as 127.0.0.1:6379, or choose another {HintsOptions.Section}:{nameof(options.Transport)}.");
    }

    private static bool NamesServers(string setting)
    {
        try
        {
            return ConfigurationOptions.Parse(setting).EndPoints.Count > 0;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}

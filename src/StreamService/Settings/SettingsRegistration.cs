using Microsoft.Extensions.Options;

namespace Jobwatch.StreamService.Settings;

internal static class SettingsRegistration
{
    /// <summary>Holds a section to the settings that there are, and its options to their annotations, before the node serves.</summary>
    public static OptionsBuilder<TOptions> CheckOnStart<TOptions>(this OptionsBuilder<TOptions> options, string section)
        where TOptions : class
    {
        options.Services.AddSingleton<IValidateOptions<TOptions>>(new AnnotationCheck<TOptions>(section));
        options.Services.AddSingleton<IValidateOptions<TOptions>>(provider =>
            new UnknownSettings<TOptions>(section, provider.GetRequiredService<IConfiguration>()));
        return options.ValidateOnStart();
    }
}

namespace Jobwatch.StreamService.Settings;

/// <summary>A setting by the names that an operator gives it: as an argument, and in the environment.</summary>
internal static class SettingName
{
    public static string Of(string section, string name) =>
        $"{section}:{name} (environment: {section}__{name.Replace(":", "__", StringComparison.Ordinal)})";
}

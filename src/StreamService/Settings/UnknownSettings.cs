using Microsoft.Extensions.Options;

namespace Jobwatch.StreamService.Settings;

/// <summary>
/// Refuses what is in a section but no setting of it. The binder passes over it, and an operator who misspelt a limit would believe that
/// it holds. Values are not told: a misspelt name may carry a secret.
/// </summary>
internal sealed class UnknownSettings<TOptions>(string section, IConfiguration configuration) : IValidateOptions<TOptions>
    where TOptions : class
{
    public ValidateOptionsResult Validate(string? name, TOptions options)
    {
        var unknown = Unknown(configuration.GetSection(section), typeof(TOptions)).ToList();
        return unknown.Count > 0 ? ValidateOptionsResult.Fail(unknown) : ValidateOptionsResult.Success;
    }

    private IEnumerable<string> Unknown(IConfigurationSection within, Type type)
    {
        var known = type.GetProperties();
        foreach (var given in within.GetChildren())
        {
            if (Array.Find(known, one => one.Name.Equals(given.Key, StringComparison.OrdinalIgnoreCase)) is not { } property)
            {
                yield return $"{SettingName.Of(section, given.Path[(section.Length + 1)..])} is no setting; here are "
                    + $"{string.Join(", ", known.Select(one => one.Name))}.";
            }
            else if (property.PropertyType.IsGenericType && property.PropertyType.GetGenericTypeDefinition() == typeof(IList<>))
            {
                var element = property.PropertyType.GetGenericArguments()[0];
                foreach (var wrong in given.GetChildren().SelectMany(item => Unknown(item, element)))
                {
                    yield return wrong;
                }
            }
        }
    }
}

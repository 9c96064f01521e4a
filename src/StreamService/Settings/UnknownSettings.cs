using System.ComponentModel;
using System.Reflection;
using Microsoft.Extensions.Options;

namespace Jobwatch.StreamService.Settings;

/// <summary>
/// Refuses what is in a section but no setting of it, and in a list also what can't be read. The binder passes over both, and an operator who
/// misspelt a limit would believe that it holds. Values of unknown names are not told: a misspelt name may carry a secret.
/// </summary>
internal sealed class UnknownSettings<TOptions>(string section, IConfiguration configuration) : IValidateOptions<TOptions>
    where TOptions : class
{
    public ValidateOptionsResult Validate(string? name, TOptions options)
    {
        var wrong = Wrong(configuration.GetSection(section), typeof(TOptions)).ToList();
        return wrong.Count > 0 ? ValidateOptionsResult.Fail(wrong) : ValidateOptionsResult.Success;
    }

    private IEnumerable<string> Wrong(IConfigurationSection within, Type type)
    {
        var known = type.GetProperties();
        foreach (var given in within.GetChildren())
        {
            if (Array.Find(known, one => one.Name.Equals(given.Key, StringComparison.OrdinalIgnoreCase)) is not { } property)
            {
                yield return $"{Name(given)} is no setting; here are {Names(known)}.";
            }
            else if (property.PropertyType.IsGenericType && property.PropertyType.GetGenericTypeDefinition() == typeof(IList<>))
            {
                foreach (var wrong in WrongInList(given, property.PropertyType.GetGenericArguments()[0]))
                {
                    yield return wrong;
                }
            }
        }
    }

    private IEnumerable<string> WrongInList(IConfigurationSection list, Type element)
    {
        var settings = element.GetProperties();
        foreach (var value in list.GetChildren().Prepend(list).Where(one => !string.IsNullOrEmpty(one.Value)))
        {
            yield return $"{Name(value)} is '{value.Value}', where a list has numbers and names, such as {list.Key}:0:{settings[0].Name}; here are {Names(settings)}.";
        }

        foreach (var item in list.GetChildren())
        {
            foreach (var wrong in Wrong(item, element).Concat(item.GetChildren().SelectMany(given => Unreadable(given, settings))))
            {
                yield return wrong;
            }
        }
    }

    private IEnumerable<string> Unreadable(IConfigurationSection given, PropertyInfo[] settings)
    {
        if (Array.Find(settings, one => one.Name.Equals(given.Key, StringComparison.OrdinalIgnoreCase)) is { } setting
            && !string.IsNullOrEmpty(given.Value)
            && !TypeDescriptor.GetConverter(setting.PropertyType).IsValid(given.Value))
        {
            var type = Nullable.GetUnderlyingType(setting.PropertyType) ?? setting.PropertyType;
            yield return $"{Name(given)} is '{given.Value}'; it has to be {(type == typeof(TimeSpan) ? "a time such as 90.00:00:00, 90 days" : "a whole number")}.";
        }
    }

    private string Name(IConfigurationSection given) => SettingName.Of(section, given.Path[(section.Length + 1)..]);

    private static string Names(PropertyInfo[] settings) => string.Join(", ", settings.Select(one => one.Name));
}

using System.CommandLine;

namespace Jobwatch.Cli.Errors;

/// <summary>Options that take one of a few words. The library's own refusal doesn't name the option.</summary>
internal static class Choices
{
    internal static Option<T> TakesOneOf<T>(this Option<T> option, params string[] words)
    {
        option.CompletionSources.Add(words);
        option.Validators.Add(given =>
        {
            if (given.Tokens.FirstOrDefault(token => !words.Contains(token.Value)) is { } unknown)
                given.AddError($"{option.Name} is «{unknown.Value}»; it takes {string.Join(" or ", words)}.");
        });
        return option;
    }
}

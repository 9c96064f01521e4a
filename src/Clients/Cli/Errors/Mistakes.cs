using System.CommandLine;
using System.CommandLine.Parsing;

namespace Jobwatch.Cli.Errors;

/// <summary>What is wrong with a command line, and where to read what is right.</summary>
internal static class Mistakes
{
    /// <summary>One line; null if nothing is wrong so far.</summary>
    internal static string? Of(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var mistake = UnknownOption(parsed) is { } option ? $"There is no option {option}."
            : parsed.Errors.Count == 0 ? null
            : command is RootCommand ? WithoutCommand(parsed, command)
            : OneLine(parsed.Errors[0].Message);
        return mistake is null ? null : $"{mistake} See `jobwatch {(command is RootCommand ? "" : command.Name + " ")}--help`.";
    }

    internal static string OneLine(string message) => message.ReplaceLineEndings(" ").Replace("\t", "", StringComparison.Ordinal);

    // The library takes a word that begins with a dash and is no option for an argument where one may stand. Behind «--», and behind
    // the name of a program that is to be run, all words are arguments.
    private static string? UnknownOption(ParseResult parsed)
    {
        var behindDashes = parsed.Tokens.SkipWhile(token => token.Type != TokenType.DoubleDash).Count(token => token.Type == TokenType.Argument);
        var words = parsed.CommandResult.Tokens.Select(token => token.Value).Concat(parsed.UnmatchedTokens).ToList();
        var own = words.Take(words.Count - behindDashes);
        if (parsed.CommandResult.Command.Arguments is [{ Name: "COMMAND" }])
            own = own.Take(1);
        return own.FirstOrDefault(word => word.Length > 1 && word[0] == '-');
    }

    private static string WithoutCommand(ParseResult parsed, Command root)
    {
        var commands = string.Join(", ", root.Subcommands.Select(command => command.Name));
        return parsed.UnmatchedTokens is [var unknown, ..]
            ? $"There is no command «{unknown}»; there are {commands}."
            : $"A command is missing: {commands}.";
    }
}

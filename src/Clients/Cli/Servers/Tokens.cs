using System.Security.Cryptography;
using System.Text;
using Jobwatch.Cli.Errors;

namespace Jobwatch.Cli.Servers;

/// <summary>Bearer tokens: what they may be, and how they are told apart without being kept.</summary>
internal static class Tokens
{
    private const int MarkDigits = 8;

    /// <summary>Gives the token back if a header can carry it.</summary>
    /// <param name="token">The token.</param>
    /// <param name="origin">The variable or the file that it is from, for the message.</param>
    internal static string Check(string token, string origin)
    {
        foreach (var one in token)
        {
            if (one is < ' ' or > '~')
            {
                throw new CliException(
                    ExitCode.NotAllowed,
                    $"{origin} has {(one is '\n' or '\r' ? "more than one line" : $"the character U+{(int)one:X4}")}, which no token has. Put the token there, and nothing else.");
            }
        }

        return token;
    }

    /// <summary>The beginning of its SHA-256: too little to find the token by, enough to know it again. Null without a token.</summary>
    internal static string? MarkOf(string? token) =>
        token is null ? null : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)))[..MarkDigits];
}

using System.Security.Cryptography;
using System.Text;
using Jobwatch.StreamService.Errors;

namespace Jobwatch.StreamService.Tenancy;

/// <summary>The tokens of one state of the tokens file, kept as hashes only.</summary>
internal sealed class TokenSet
{
    private readonly List<(byte[] Hash, CallerTenant Tenant)> _tokens = [];

    public static TokenSet Empty { get; } = new();

    public int Count => _tokens.Count;

    /// <summary>Reads lines <c>tenant token</c>; throws <see cref="InvalidDataException"/> that names file and line, and shows no token.</summary>
    public static TokenSet Parse(string text, string file)
    {
        var set = new TokenSet();
        var number = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            number++;
            var content = line.Trim();
            if (content.IsEmpty || content[0] == '#')
            {
                continue;
            }

            var words = content.ToString().Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length != 2)
            {
                throw new InvalidDataException(
                    $"{file}, line {number} has {words.Length} words; a line is a tenant and its token, with a blank between.");
            }

            if (!Identifiers.IsValid(words[0]))
            {
                throw new InvalidDataException($"{file}, line {number}: the tenant: {Identifiers.Violation(words[0], "").Description}");
            }

            if (set.Find(words[1]) is { } other && other.Name != words[0])
            {
                throw new InvalidDataException($"{file}, line {number} gives '{words[0]}' a token that tenant '{other.Name}' has.");
            }

            set._tokens.Add((Hash(words[1]), new CallerTenant(words[0])));
        }

        return set;
    }

    /// <summary>The tenant of a token. Takes as long for a token that nearly fits as for any other.</summary>
    public CallerTenant? Find(string token)
    {
        var hash = Hash(token);
        CallerTenant? found = null;
        foreach (var (known, tenant) in _tokens)
        {
            if (CryptographicOperations.FixedTimeEquals(known, hash))
            {
                found = tenant;
            }
        }

        return found;
    }

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}

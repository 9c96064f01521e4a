using System.Buffers;
using Grpc.Core;

namespace Jobwatch.StreamService.Errors;

/// <summary>Ids of jobs, executions and tenants: <c>[A-Za-z0-9][A-Za-z0-9._-]{0,62}</c>. A UUID is one.</summary>
internal static class Identifiers
{
    public const int MaxLength = 63;

    private const string Rule = "1 to 63 characters of A-Z a-z 0-9 . _ - of which the first is a letter or digit";

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    public static bool IsValid(ReadOnlySpan<char> id) =>
        id.Length is > 0 and <= MaxLength && char.IsAsciiLetterOrDigit(id[0]) && !id.ContainsAnyExcept(Allowed);

    /// <summary>The standard INVALID_ID error unless the id is valid.</summary>
    public static void Require(string id, string field)
    {
        if (!IsValid(id))
        {
            throw Invalid(id, field);
        }
    }

    /// <summary>The standard INVALID_ID error.</summary>
    public static RpcException Invalid(string id, string field) => RpcErrors.InvalidFields([Violation(id, field)]);

    /// <summary>Says what is wrong with an id that is not valid.</summary>
    public static FieldViolation Violation(string id, string field) => new(Reasons.InvalidId, field, $"{Fault(id)}; an id is {Rule}.");

    private static string Fault(string id)
    {
        if (id.Length == 0)
        {
            return "it is empty";
        }

        if (id.AsSpan().IndexOfAnyExcept(Allowed) is >= 0 and var at)
        {
            return $"'{Shown.Text(id)}' has {Shown.Character(id, at)} at index {at}";
        }

        return id.Length > MaxLength
            ? $"'{Shown.Text(id)}' has {id.Length} characters"
            : $"'{id}' begins with '{id[0]}'";
    }
}

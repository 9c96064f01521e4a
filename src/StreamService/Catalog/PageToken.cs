using System.Buffers.Binary;
using System.Buffers.Text;
using System.IO.Hashing;
using System.Text;
using Google.Protobuf;
using Grpc.Core;
using Jobwatch.StreamService.Errors;

namespace Jobwatch.StreamService.Catalog;

/// <summary>
/// Where the next page of a list begins, bound to the query that it belongs to. The token holds a version, eight bytes
/// of a hash of the query, a number, an id, and a checksum. It is no permission: the query decides what is read.
/// </summary>
/// <param name="Number">What the list is ordered by, or 0.</param>
/// <param name="Id">Tells apart what has the same number; may be empty.</param>
internal readonly record struct PageToken(long Number, string Id)
{
    private const byte Version = 1;
    private const int Header = 1 + 8 + 8;
    private const int Checksum = 4;
    private const int MaxBytes = Header + Identifiers.MaxLength + Checksum;

    /// <summary>Tells a query from another by all that decides which entries it lists and in which order.</summary>
    /// <param name="owner">Whose entries: a tenant, or a log of a tenant.</param>
    /// <param name="query">The request, without its page token and size.</param>
    public static ulong Fingerprint(string owner, IMessage query) =>
        XxHash3.HashToUInt64(Encoding.UTF8.GetBytes($"{query.Descriptor.Name}/{owner}/{query.ToByteString().ToBase64()}"));

    public string ToString(ulong query)
    {
        var length = Header + Encoding.UTF8.GetByteCount(Id) + Checksum;
        Span<byte> bytes = stackalloc byte[MaxBytes];
        bytes = bytes[..length];
        bytes[0] = Version;
        BinaryPrimitives.WriteUInt64BigEndian(bytes[1..], query);
        BinaryPrimitives.WriteInt64BigEndian(bytes[9..], Number);
        Encoding.UTF8.GetBytes(Id, bytes[Header..]);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[^Checksum..], Crc32.HashToUInt32(bytes[..^Checksum]));
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Null for an empty token: the first page. Throws for one that is damaged or of another query.</summary>
    public static PageToken? Parse(string token, ulong query)
    {
        if (token.Length == 0)
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[MaxBytes];
        if (!Base64Url.IsValid(token) || !Base64Url.TryDecodeFromChars(token, bytes, out var length)
            || length < Header + Checksum || bytes[0] != Version
            || BinaryPrimitives.ReadUInt32BigEndian(bytes[(length - Checksum)..length])
                != Crc32.HashToUInt32(bytes[..(length - Checksum)]))
        {
            throw Invalid($"'{Shown.Text(token)}' is no token of this server; send the next_page_token of an answer unchanged, or none.");
        }

        if (BinaryPrimitives.ReadUInt64BigEndian(bytes[1..]) != query)
        {
            throw Invalid("it belongs to another query; send it with the same fields as the request whose answer had it, or start without one.");
        }

        return new PageToken(
            BinaryPrimitives.ReadInt64BigEndian(bytes[9..]), Encoding.UTF8.GetString(bytes[Header..(length - Checksum)]));
    }

    private static RpcException Invalid(string description) =>
        RpcErrors.InvalidField(Reasons.InvalidPageToken, "page_token", description);
}

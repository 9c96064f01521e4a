using System.Buffers.Binary;
using System.Buffers.Text;
using System.IO.Hashing;
using System.Security.Cryptography;
using System.Text;

namespace Jobwatch.StreamService.Cursors;

/// <summary>
/// A point in the logs of many jobs: for each job that a stream has taken in, «strictly after this position». It moves with the
/// stream; the token at any moment resumes all of the jobs. The token is URL-safe base64 of a version, eight bytes that tell the
/// tenant, then by incarnation eight bytes of it and a varint of the position, and a checksum. What is no part of it comes from its beginning.
/// </summary>
internal sealed class JobsCursor(string tenant)
{
    /// <summary>Jobs of one stream, at most.</summary>
    public const int MaxJobs = 1000;

    /// <summary>A job that the stream knows and has said nothing of: its snapshot comes first.</summary>
    public const long BeforeSnapshot = -1;

    private const byte Version = 2;
    private const int HeadLength = 1 + 8;
    private const int ChecksumLength = 4;
    private const int MaxEntryLength = 8 + 9;
    private const int MaxLength = HeadLength + (MaxJobs * MaxEntryLength) + ChecksumLength;

    private readonly ulong _tenant = Fingerprint(tenant);
    private readonly List<CursorMark> _marks = [];
    private byte[] _raw = new byte[256];
    private int _length = HeadLength + ChecksumLength;

    /// <summary>Characters of a token of this service, at most.</summary>
    public static int MaxTokenLength { get; } = Base64Url.GetEncodedLength(MaxLength);

    /// <summary>Characters of the token as it stands.</summary>
    public int TokenLength => Base64Url.GetEncodedLength(_length);

    /// <summary>Takes a job in.</summary>
    public CursorMark Add(long incarnation, long position)
    {
        var mark = new CursorMark(incarnation, position);
        _marks.Insert(PlaceOf(incarnation), mark);
        _length += EntryLength(position);
        return mark;
    }

    /// <summary>Lets go of a job.</summary>
    public void Remove(CursorMark mark)
    {
        _marks.RemoveAt(PlaceOf(mark.Incarnation));
        _length -= EntryLength(mark.Position);
    }

    public void Move(CursorMark mark, long position)
    {
        _length += EntryLength(position) - EntryLength(mark.Position);
        mark.Position = position;
    }

    /// <summary>Writes the token's <see cref="TokenLength"/> ASCII bytes.</summary>
    public void Write(Span<byte> destination)
    {
        if (_raw.Length < _length)
        {
            _raw = new byte[Math.Max(_length, 2 * _raw.Length)];
        }

        _raw[0] = Version;
        BinaryPrimitives.WriteUInt64BigEndian(_raw.AsSpan(1), _tenant);
        var at = HeadLength;
        foreach (var mark in _marks)
        {
            BinaryPrimitives.WriteInt64BigEndian(_raw.AsSpan(at), mark.Incarnation);
            at += 8;
            var code = (ulong)(mark.Position + 1);
            for (; code >= 0x80; code >>= 7)
            {
                _raw[at++] = (byte)(code | 0x80);
            }

            _raw[at++] = (byte)code;
        }

        BinaryPrimitives.WriteUInt32BigEndian(_raw.AsSpan(at), Crc32.HashToUInt32(_raw.AsSpan(0, at)));
        Base64Url.EncodeToUtf8(_raw.AsSpan(0, _length), destination);
    }

    public override string ToString()
    {
        var token = new byte[TokenLength];
        Write(token);
        return Encoding.ASCII.GetString(token);
    }

    /// <summary>Reads a token.</summary>
    /// <param name="token">What came.</param>
    /// <param name="tenant">Whose it has to be.</param>
    /// <param name="isOfTenant">Whether it is the tenant's; nothing else is told of one that isn't.</param>
    /// <param name="entries">What it says.</param>
    /// <returns>False if it is no token of this kind.</returns>
    public static bool TryParse(string token, string tenant, out bool isOfTenant, out IReadOnlyList<JobsCursorEntry> entries)
    {
        (isOfTenant, entries) = (false, []);
        if (token.Length > MaxTokenLength || !Base64Url.IsValid(token))
        {
            return false;
        }

        var bytes = Base64Url.DecodeFromChars(token).AsSpan();
        if (bytes.Length < HeadLength + ChecksumLength || bytes[0] != Version
            || BinaryPrimitives.ReadUInt32BigEndian(bytes[^ChecksumLength..]) != Crc32.HashToUInt32(bytes[..^ChecksumLength])
            || Entries(bytes[HeadLength..^ChecksumLength]) is not { } read)
        {
            return false;
        }

        isOfTenant = BinaryPrimitives.ReadUInt64BigEndian(bytes[1..]) == Fingerprint(tenant);
        entries = isOfTenant ? read : [];
        return true;
    }

    // Null unless they are as they were written: sorted, each once, no more than a stream has.
    private static List<JobsCursorEntry>? Entries(ReadOnlySpan<byte> bytes)
    {
        var entries = new List<JobsCursorEntry>();
        while (bytes.Length > 8)
        {
            var incarnation = BinaryPrimitives.ReadInt64BigEndian(bytes);
            bytes = bytes[8..];
            ulong code = 0;
            var read = 0;
            do
            {
                if (read == bytes.Length || read == 9)
                {
                    return null;
                }

                code |= (ulong)(bytes[read] & 0x7F) << (7 * read);
            }
            while (bytes[read++] >= 0x80);
            bytes = bytes[read..];
            if (entries.Count == MaxJobs || (entries.Count > 0 && incarnation <= entries[^1].Incarnation))
            {
                return null;
            }

            entries.Add(new JobsCursorEntry(incarnation, (long)code - 1));
        }

        return bytes.IsEmpty ? entries : null;
    }

    // Where it stands, or is to stand.
    private int PlaceOf(long incarnation)
    {
        var (low, high) = (0, _marks.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _marks[middle].Incarnation < incarnation ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private static int EntryLength(long position)
    {
        var length = 8 + 1;
        for (var code = (ulong)(position + 1); code >= 0x80; code >>= 7)
        {
            length++;
        }

        return length;
    }

    // An id has no slash, so no job's hash is a tenant's.
    private static ulong Fingerprint(string tenant)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(tenant), hash);
        return BinaryPrimitives.ReadUInt64BigEndian(hash);
    }
}

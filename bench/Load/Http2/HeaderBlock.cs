using System.Text;

namespace Jobwatch.Bench.Http2;

/// <summary>Headers of a gRPC call in HPACK (RFC 7541), none of them indexed: the same bytes serve every call.</summary>
internal static class HeaderBlock
{
    private const byte MethodPost = 0x83;
    private const byte SchemeHttp = 0x86;
    private const byte AuthorityName = 1;
    private const byte PathName = 4;
    private static readonly byte[] StatusOk = [.. "grpc-status"u8, 1, (byte)'0'];
    private static readonly byte[] ShortStatusOk = [0x88, 0x9a, 0xca, 0xc8, 0xb2, 0x12, 0x34, 0xda, 0x8f, 1, (byte)'0'];

    public static byte[] Call(string authority, string path) =>
    [
        MethodPost, SchemeHttp,
        .. Literal([AuthorityName], authority), .. Literal([PathName], path),
        .. Literal([0, .. Text("content-type")], "application/grpc"),
        .. Literal([0, .. Text("te")], "trailers"),
    ];

    /// <summary>
    /// Whether trailers say that the call went well. The server writes them as literals, since this client
    /// allows it no table: Kestrel plain ones, Go the name in Huffman code.
    /// </summary>
    public static bool SaysOk(ReadOnlySpan<byte> trailers) => trailers.IndexOf(StatusOk) >= 0 || trailers.IndexOf(ShortStatusOk) >= 0;

    private static byte[] Literal(byte[] name, string value) => [.. name, .. Text(value)];

    private static byte[] Text(string text) => [checked((byte)text.Length), .. Encoding.ASCII.GetBytes(text)];
}

using System.Globalization;
using System.Text;
using Grpc.Core;

namespace Jobwatch.StreamService.Errors;

/// <summary>
/// Answers a gRPC call with an error before its handler, and so before its request is read: a response whose
/// headers are its trailers (gRPC over HTTP/2, «Trailers-Only»).
/// </summary>
internal static class TrailersOnly
{
    public static void Write(HttpResponse response, RpcException error)
    {
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "application/grpc";
        Stamp(response.Headers, error);
    }

    /// <summary>Writes the error into headers or trailers that have not gone out.</summary>
    public static void Stamp(IHeaderDictionary answer, RpcException error)
    {
        answer["grpc-status"] = ((int)error.StatusCode).ToString(CultureInfo.InvariantCulture);
        answer["grpc-message"] = PercentEncode(error.Status.Detail);
        foreach (var entry in error.Trailers)
        {
            answer[entry.Key] = entry.IsBinary ? Convert.ToBase64String(entry.ValueBytes) : entry.Value;
        }
    }

    private static string PercentEncode(string message)
    {
        var encoded = new StringBuilder(message.Length);
        foreach (var octet in Encoding.UTF8.GetBytes(message))
        {
            if (octet is >= 0x20 and <= 0x7E and not (byte)'%')
            {
                encoded.Append((char)octet);
            }
            else
            {
                encoded.Append(CultureInfo.InvariantCulture, $"%{octet:X2}");
            }
        }

        return encoded.ToString();
    }
}

using System.Globalization;

namespace Jobwatch.SseEdge.Forwarding;

/// <summary>How long a caller is ready to wait, from the header <c>Grpc-Timeout</c> in gRPC's own form, e.g. <c>500m</c>.</summary>
internal static class CallerTimeout
{
    /// <summary>The caller's timeout where it is given, well-formed and the shorter one; else the edge's own.</summary>
    public static TimeSpan Of(HttpRequest request, TimeSpan own)
    {
        if (request.Headers["Grpc-Timeout"].ToString() is not { Length: >= 2 and <= 9 } text
            || !long.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var amount))
        {
            return own;
        }

        var asked = text[^1] switch
        {
            'H' => TimeSpan.FromHours(amount),
            'M' => TimeSpan.FromMinutes(amount),
            'S' => TimeSpan.FromSeconds(amount),
            'm' => TimeSpan.FromMilliseconds(amount),
            'u' => TimeSpan.FromMicroseconds(amount),
            'n' => TimeSpan.FromTicks(amount / TimeSpan.NanosecondsPerTick),
            _ => own,
        };
        return asked < own ? asked : own;
    }
}

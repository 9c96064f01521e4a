using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace Jobwatch.SseEdge.Hosting;

/// <summary>Where Kestrel listens and what a connection may cost.</summary>
internal sealed class Listening(IOptions<EdgeOptions> options) : IConfigureOptions<KestrelServerOptions>
{
    // Off by default; without them a peer that vanished keeps its streams until TCP gives up.
    private static readonly TimeSpan PingAfter = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan PingTimeout = TimeSpan.FromSeconds(10);

    // A cursor of a watch of 1000 jobs has up to 22,684 characters, and comes as a header or in the query; the query may have 1000 job ids of
    // 63 characters besides. Over HTTP/2 the path counts as a header.
    private const int MaxRequestLine = 96 * 1024;
    private const int MaxHeaders = 128 * 1024;

    public void Configure(KestrelServerOptions kestrel)
    {
        var edge = options.Value;
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = edge.MaxRequestBodyBytes;
        kestrel.Limits.MaxRequestLineSize = MaxRequestLine;
        kestrel.Limits.MaxRequestHeadersTotalSize = MaxHeaders;
        kestrel.Limits.Http2.MaxRequestHeaderFieldSize = MaxRequestLine;
        kestrel.Limits.MaxResponseBufferSize = edge.ResponseBufferBytes;
        // It can't tell a quiet stream from a stalled one, and over HTTP/2 ends the whole connection: streams have their own timeout.
        kestrel.Limits.MinResponseDataRate = null;

        // HTTP/1.1 has no ping: there a reader that vanished is noticed by what it doesn't take.
        kestrel.Limits.Http2.KeepAlivePingDelay = PingAfter;
        kestrel.Limits.Http2.KeepAlivePingTimeout = PingTimeout;

        var url = HttpAddressAttribute.Parse(edge.HttpUrl)!;
        if (url.Host == "localhost")
            kestrel.ListenLocalhost(url.Port, listen => SetProtocols(listen, url));
        else
            kestrel.Listen(IPAddress.Parse(url.DnsSafeHost), url.Port, listen => SetProtocols(listen, url));
    }

    private static void SetProtocols(ListenOptions listen, Uri url)
    {
        if (url.Scheme != Uri.UriSchemeHttps)
        {
            // Without TLS there is nothing to agree on HTTP/2 with.
            listen.Protocols = HttpProtocols.Http1;
            return;
        }

        listen.Protocols = HttpProtocols.Http1AndHttp2;
        try
        {
            listen.UseHttps();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException or InvalidOperationException)
        {
            var why = failure.Message.ReplaceLineEndings(" ");
            throw new OptionsValidationException(
                Setting.Section,
                typeof(EdgeOptions),
                [$"{Setting.Section}__{nameof(EdgeOptions.HttpUrl)}={url.OriginalString}: https needs a certificate that can be used, in the file "
                    + $"Kestrel__Certificates__Default__Path: {why}"]);
        }
    }
}

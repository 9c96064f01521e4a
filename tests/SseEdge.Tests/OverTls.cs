using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Jobwatch.SseEdge.Tests.Peer;

namespace Jobwatch.SseEdge.Tests;

public sealed class OverTls
{
    [Fact]
    public async Task With_https_streams_share_one_http2_connection()
    {
        var certificate = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(certificate, SelfSigned(), TestContext.Current.CancellationToken);
            await using var node = await ScriptedNode.StartAsync();
            node.Watch = Says.ThenWaits(Says.Event(1));
            await using var edge = await RunningEdge.StartAsync(
                node.Address, settings: ["--Edge:HttpUrl=https://127.0.0.1:0", $"--Kestrel:Certificates:Default:Path={certificate}"]);

            // More than the six that a browser has for a host over HTTP/1.1.
            for (var stream = 0; stream < 10; stream++)
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/jobs/j:watch")
                {
                    Version = HttpVersion.Version20,
                    VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                };
                var answer = await edge.Http.SendAsync(
                    request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
                var body = await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
                Assert.Equal('{', (char)body.ReadByte());
            }
        }
        finally
        {
            File.Delete(certificate);
        }
    }

    private static byte[] SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return certificate.Export(X509ContentType.Pfx);
    }
}

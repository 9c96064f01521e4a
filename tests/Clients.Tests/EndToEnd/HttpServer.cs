using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Jobwatch.Clients.Tests.EndToEnd;

/// <summary>A port on loopback where HTTP/1.1 is spoken and no HTTP/2: Kestrel's, as an edge has it, or one that answers text as others do.</summary>
internal sealed class HttpServer : IAsyncDisposable
{
    private readonly IAsyncDisposable _server;

    private HttpServer(IAsyncDisposable server, Uri address)
    {
        _server = server;
        Address = address;
    }

    internal Uri Address { get; }

    internal static async Task<HttpServer> StartAsync(bool isKestrel)
    {
        if (!isKestrel)
        {
            var other = new TextServer();
            return new HttpServer(other, other.Address);
        }

        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1));
        builder.Logging.ClearProviders();
        var app = builder.Build();
        await app.StartAsync();
        return new HttpServer(app, new Uri(app.Urls.First()));
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private sealed class TextServer : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly Task _answering;

        internal TextServer()
        {
            _listener.Start();
            _answering = AnswerAsync();
        }

        internal Uri Address => new($"http://{_listener.LocalEndpoint}");

        public async ValueTask DisposeAsync()
        {
            _listener.Dispose();
            await _answering.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        private async Task AnswerAsync()
        {
            // Each by itself: a client may connect before it has something to say.
            while (true)
                _ = AnswerAsync(await _listener.AcceptSocketAsync());
        }

        private static async Task AnswerAsync(Socket caller)
        {
            using (caller)
            {
                await caller.ReceiveAsync(new byte[1024]);
                await caller.SendAsync("HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"u8.ToArray());
                caller.Shutdown(SocketShutdown.Send);
            }
        }
    }
}

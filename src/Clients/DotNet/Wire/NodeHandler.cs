namespace Jobwatch.Client.Wire;

/// <summary>Notes which node a call went to, and shuns nodes that can't be reached or take no calls.</summary>
internal sealed class NodeHandler(ShunnedNodes shunned, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    /// <summary>Added to a response's headers: the name of the node that it is from.</summary>
    internal const string Header = "jobwatch-client-node";

    private const string Unavailable = "14";

    // A few would do: where the reason comes, it comes in half of the cases.
    private const int HandshakeTries = 10;

    internal static string NameOf(string host, int port) => $"{host}:{port}";

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // The balancer has put the chosen node into the address.
        var node = NameOf(request.RequestUri!.IdnHost, request.RequestUri.Port);
        try
        {
            var response = await ConnectAndSendAsync(request, cancellationToken).ConfigureAwait(false);
            response.Headers.Remove(Header);
            response.Headers.Add(Header, node);
            if (response.Headers.TryGetValues("grpc-status", out var status) && status.First() == Unavailable)
                shunned.Add(node);
            return response;
        }
        catch (HttpRequestException)
        {
            shunned.Add(node);
            throw;
        }
    }

    // A connection that the other side closed before a request could be put on it: nothing was sent. Why it closed it, as for want of
    // HTTP/2, is told only where the request was quicker.
    private async Task<HttpResponseMessage> ConnectAndSendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        for (var tries = HandshakeTries; ; tries--)
        {
            try
            {
                return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
            }
            catch (HttpRequestException unused) when (tries > 1 && unused is { HttpRequestError: HttpRequestError.Unknown, StatusCode: null, InnerException: null })
            {
                // The next one is on a new connection.
            }
        }
    }
}

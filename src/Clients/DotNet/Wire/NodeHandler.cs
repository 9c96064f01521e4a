namespace Jobwatch.Client.Wire;

/// <summary>Notes which node a call went to, and shuns nodes that can't be reached or take no calls.</summary>
internal sealed class NodeHandler(ShunnedNodes shunned, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    /// <summary>Added to a response's headers: the name of the node that it is from.</summary>
    internal const string Header = "jobwatch-client-node";

    private const string Unavailable = "14";

    internal static string NameOf(string host, int port) => $"{host}:{port}";

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // The balancer has put the chosen node into the address.
        var node = NameOf(request.RequestUri!.IdnHost, request.RequestUri.Port);
        try
        {
            var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
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
}

namespace Jobwatch.Client.Wire;

/// <summary>
/// Makes a refusal visible in the response headers. A server that refuses a call answers with headers that hold the status
/// already; Grpc.Net.Client keeps those from its callers, who could else not tell a refusal from a watch that is quiet so far.
/// </summary>
internal sealed class RefusalHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    internal const string Marker = "jobwatch-client-refused";

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        response.Headers.Remove(Marker);
        if (!response.IsSuccessStatusCode || response.Headers.Contains("grpc-status"))
            response.Headers.Add(Marker, "true");
        return response;
    }
}

using System.Net.Http.Headers;

namespace Jobwatch.Client.Wire;

/// <summary>Gives the client's own token to calls that bring no credentials. A caller's stay as they are.</summary>
internal sealed class CredentialHandler(string token, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private readonly AuthenticationHeaderValue _authorization = new("Bearer", token);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (!request.Headers.Contains("authorization"))
            request.Headers.Authorization = _authorization;
        return base.SendAsync(request, cancellationToken);
    }
}

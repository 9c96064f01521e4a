using Jobwatch.V1;

namespace Jobwatch.Client.Wire;

/// <summary>Notes which node a call went to, shuns nodes that can't be reached or take no calls, and finds out what isn't a node.</summary>
internal sealed class NodeHandler(KnownNodes known, JobwatchClientOptions options, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    /// <summary>Added to a response's headers: the name of the node that it is from.</summary>
    internal const string Header = "jobwatch-client-node";

    private const string Unavailable = "14";

    // A few would do: where the reason comes, it comes in half of the cases.
    private const int HandshakeTries = 10;

    // Of these the headers come at once, or with the answer to the batch for which the stream was opened.
    private static readonly string Watches = $"/{WatchService.Descriptor.FullName}/";
    private static readonly string Recorders = $"/{RecordService.Descriptor.FullName}/RecordEvents";

    internal static string NameOf(string host, int port) => $"{host}:{port}";

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // The balancer has put the chosen node into the address.
        var node = NameOf(request.RequestUri!.IdnHost, request.RequestUri.Port);
        try
        {
            var response = IsStream(request.RequestUri.AbsolutePath)
                ? await OpenAsync(request, cancellationToken).ConfigureAwait(false)
                : await ConnectAndSendAsync(request, cancellationToken).ConfigureAwait(false);
            known.Strange.Answered(node);
            response.Headers.Remove(Header);
            response.Headers.Add(Header, node);
            if (response.Headers.TryGetValues("grpc-status", out var status) && status.First() == Unavailable)
                known.Shunned.Add(node);
            return response;
        }
        catch (HttpRequestException broken)
        {
            known.Shunned.Add(node);
            if (!Handshake.FoundAnotherProtocol(broken, known.Strange.HasAnswered(node)))
                throw;
            known.Strange.Add(node);
            throw new HttpRequestException(HttpRequestError.VersionNegotiationError, broken.Message, broken);
        }
    }

    private static bool IsStream(string path) => path.StartsWith(Watches, StringComparison.Ordinal) || path == Recorders;

    // A connection that its node is gone from takes requests as if it were well.
    private async Task<HttpResponseMessage> OpenAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var silence = new Silence(options, () => true, cancellationToken);
        try
        {
            return await ConnectAndSendAsync(request, silence.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (silence.IsTooLong && !cancellationToken.IsCancellationRequested)
        {
            var text = Silence.Text(options.SilenceLimit);
            throw new HttpRequestException(HttpRequestError.ResponseEnded, text, new IOException(text));
        }
    }

    // A connection that the other side closed before a request could be put on it. Why it closed it, as for want of HTTP/2, is told only
    // where the request was quicker.
    private async Task<HttpResponseMessage> ConnectAndSendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        for (var tries = HandshakeTries; ; tries--)
        {
            try
            {
                return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
            }
            catch (HttpRequestException unused) when (tries > 1 && Handshake.SaidNothing(unused))
            {
                // The next one is on a new connection.
            }
        }
    }
}

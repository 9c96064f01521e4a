namespace Jobwatch.Testing;

/// <summary>An SseEdge process on a free port, in front of these nodes.</summary>
public sealed class EdgeProcess(params Uri[] nodes) : ServerProcess
{
    private readonly HttpClient _http = new();

    public Uri Address { get; } = new($"http://127.0.0.1:{Ports.Free()}");

    protected override string Dll => RepositoryFiles.EdgeDll;

    protected override IEnumerable<KeyValuePair<string, string?>> Settings =>
    [
        new("Edge__HttpUrl", Address.ToString()),
        new("Edge__NodeAddress", string.Join(';', nodes.Select(node => node.ToString()))),
    ];

    protected override async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri(Address, "/readyz"), cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    protected override void Dispose() => _http.Dispose();
}

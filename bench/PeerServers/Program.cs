using Jobwatch.Bench.PeerServers.Grpc;

// What Jobwatch is measured beside, as bare as it can be: MODE URL WATCHERS
var (mode, url, watchers) = (args[0], args[1], int.Parse(args[2], System.Globalization.CultureInfo.InvariantCulture));
var server = mode switch
{
    "grpc" => FrozenServer.Build(new Uri(url), watchers),
    _ => throw new ArgumentException($"No mode {mode}.", nameof(args)),
};
await server.StartAsync();
Console.WriteLine("ready");
await server.WaitForShutdownAsync();

using Jobwatch.Bench.PeerServers.Frames;
using Jobwatch.Bench.PeerServers.Grpc;
using Jobwatch.Bench.PeerServers.Hubs;

// What a user of ASP.NET Core would write without Jobwatch: MODE URL.
if (args is not [var mode, var url])
{
    Console.Error.WriteLine("Give a mode (kestrel-sse, grpc, signalr) and a URL to listen on.");
    return 2;
}

// Whatever lies in the folder that it was started in is watched otherwise, for a change of its settings: the whole disk, where that is the root.
var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.WebHost.UseUrls(url).ConfigureKestrel(kestrel => kestrel.Limits.MinResponseDataRate = null);
Action<WebApplication> map;
switch (mode)
{
    case "kestrel-sse":
        builder.Services.AddSingleton<FrameLog>().AddSingleton<Flood>();
        map = FrameEndpoints.Map;
        break;
    case "grpc":
        FrozenEndpoints.Add(builder.Services);
        map = FrozenEndpoints.Map;
        break;
    case "signalr":
        HubEndpoints.Add(builder.Services);
        map = HubEndpoints.Map;
        break;
    default:
        Console.Error.WriteLine($"No mode {mode}. There are: kestrel-sse, grpc, signalr");
        return 2;
}

var app = builder.Build();
map(app);
await app.StartAsync();
Console.WriteLine("ready");
await app.WaitForShutdownAsync();
return 0;

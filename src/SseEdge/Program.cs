using Jobwatch.SseEdge.Hosting;

return await Startup.RunAsync(() => EdgeHost.Build(args));

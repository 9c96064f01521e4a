# syntax=docker/dockerfile:1
# The edge: docker build -f deploy/edge.Dockerfile -t jobwatch-edge:0.1.0 .
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY global.json Directory.Build.props Directory.Packages.props ./
COPY eng/BannedSymbols.txt eng/
COPY third_party third_party
COPY protos protos
COPY src src
RUN --mount=type=cache,target=/root/.nuget/packages \
    dotnet publish src/SseEdge/Jobwatch.SseEdge.csproj -c Release -o /published -p:UseAppHost=false

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /app
COPY --from=build /published .
# The image's own port is not the program's: left set, it is warned of at each start. Diagnostics would write to a root that is read-only.
ENV ASPNETCORE_HTTP_PORTS="" \
    DOTNET_EnableDiagnostics=0
# The image's user without rights.
USER $APP_UID
EXPOSE 8080
ENTRYPOINT ["dotnet", "Jobwatch.SseEdge.dll"]

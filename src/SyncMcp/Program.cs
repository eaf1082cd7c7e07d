using SyncMcp;
using SyncMcp.Transports;
var data = Environment.GetEnvironmentVariable("SYNCMCP_DATA") ?? "/tmp/srv_data";
return await StdioHost.RunAsync(new ServerOptions { DataDirectory = data, OperatorFolder = data + "/operator" }, default);

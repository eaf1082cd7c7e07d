using System.Text.Json.Serialization;

namespace SyncMcp.Client.Pipelines;

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(Pipeline))]
[JsonSerializable(typeof(Listing<Pipeline>))]
[JsonSerializable(typeof(ListPipelines))]
[JsonSerializable(typeof(PipelineKey))]
[JsonSerializable(typeof(CreatePipeline))]
[JsonSerializable(typeof(UpdatePipeline))]
[JsonSerializable(typeof(DeletePipeline))]
[JsonSerializable(typeof(PipelineStep))]
[JsonSerializable(typeof(Listing<PipelineStep>))]
[JsonSerializable(typeof(PipelineStepKey))]
[JsonSerializable(typeof(CreatePipelineStep))]
[JsonSerializable(typeof(UpdatePipelineStep))]
[JsonSerializable(typeof(MovePipelineStep))]
[JsonSerializable(typeof(ListPipelineHistory))]
[JsonSerializable(typeof(PipelineRunKey))]
[JsonSerializable(typeof(GetPipelineRunLog))]
internal sealed partial class PipelineJson : JsonSerializerContext;

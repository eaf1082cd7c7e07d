using System.Text.Json.Serialization;

namespace SyncMcp.Client.Transformations;

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(Transformation))]
[JsonSerializable(typeof(Listing<Transformation>))]
[JsonSerializable(typeof(ListTransformations))]
[JsonSerializable(typeof(TransformationKey))]
[JsonSerializable(typeof(CreateTransformation))]
[JsonSerializable(typeof(UpdateTransformation))]
[JsonSerializable(typeof(TransformationTask))]
[JsonSerializable(typeof(Listing<TransformationTask>))]
[JsonSerializable(typeof(TransformationTaskKey))]
[JsonSerializable(typeof(AddTransformationTask))]
[JsonSerializable(typeof(UpdateTransformationTask))]
[JsonSerializable(typeof(MoveTransformationTask))]
[JsonSerializable(typeof(ListTransformationHistory))]
[JsonSerializable(typeof(ListTransformationTaskHistory))]
[JsonSerializable(typeof(TransformationRunKey))]
[JsonSerializable(typeof(GetTransformationRunLog))]
internal sealed partial class TransformationJson : JsonSerializerContext;

export default Date.now
